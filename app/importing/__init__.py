"""From a file to a preview.

`recognise` tells by its content what a file is. Structured formats are read at once (`vitae`,
`json_resume`, `cv_data`, `linkedin`); a PDF or DOCX goes through the stages of a reader:

1. `pdf`, `docx`: the file's words with their place and look (`document`); `columns`, `rows` and
   `lines` put the words of a page in the order in which they are read.
2. `blocks`, `wrapping`, `hanging`, `grid`: lines that belong together.
3. `sections`: what stands under which heading, told by look (`headed`) and wording (`headings`).
4. `header`, `feet`: who it is of. `entries`, `heads`, `roles`, `bodies`: the parts of a section.
5. `fields` and what it calls (`experience`, `studies` with `study_slots`, `projects`,
   `certifications`, `lists`): values, each with its evidence; `date_order`: which number of a date
   is its day; `leftovers`: all other text.

`dates`, `contact`, `skills`, `spoken`, `words` and what they are made of know texts alone; their
words are in `data`. `read` runs the stages, `explain` prints them, `reader` has it all done in a
confined process, `fitting` keeps to what a profile may hold, `merge` plans what a commit changes.
"""
