"""What the server tells every client of itself."""

from app.prices import in_words

INSTRUCTIONS = f"""\
Vitae keeps one professional profile per owner and renders résumés as PDF. All tools act for the \
owner of the token; which tools there are depends on the token's scopes.

Making a résumé
1. resume.create_job takes `cv_data` (JSON Schema: resume://schema), or `from_profile: true` to \
set the owner's profile as it is. resume.list_templates tells the designs; resume.validate finds \
what is wrong with cv_data before a job is made.
2. A job is rendered in the background, mostly within seconds. Poll resume.get_job with its \
`job_id` until `job.status` is succeeded, failed or canceled, or give `wait` (up to 25 seconds) to \
either tool: the answer then comes when the job is final or the time is over. With a progress \
token you are told of each step. Canceling a call ends the waiting, not the job; \
resume.cancel_job stops the job.
3. resume.get_pdf gives links to the PDF; resume://jobs/{{id}}/pdf reads it.

`request_id` names one wish for a résumé: choose a new one for each, and send the same one with \
the same arguments when you repeat a call whose answer was lost. It then answers the job that was \
made first. With other arguments it is refused.

The profile
profile.get reads it all; read it before you write. profile.update changes only the fields that \
are sent, null clears. The update tools of the sections replace a whole row, the add tools append \
one. Rows have a `version`: give it as `expected_version` and nobody's change is lost. \
profile.import_parse reads a file into a preview, profile.import_commit takes it over.

Grounding
Write into a profile or a résumé only what the owner, the profile or a document of theirs says. \
Never make up employers, titles, dates, numbers, degrees or skills, and never make a date more \
exact than it is known: YYYY, YYYY-MM and YYYY-MM-DD are all fine. What is missing, ask for. \
Tools that write take `grounded_in`, the ids of the sources you used (imports, rows, jobs): what \
they do not contain is refused and named.

Errors and limits
A failing tool answers isError with a stable `code`, what is wrong at which path, and whether a \
repeat may help (`retryable`). Calls are counted against the rate of the token; rate_limited says \
when to go on. {in_words()} They are held until the job is final, and given back unless it has \
succeeded. Nothing else is charged.
"""
