"""What is sold and how it is paid for: plans, credit packs, and what Stripe says of them."""
