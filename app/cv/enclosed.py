"""The names of the files that a PDF of ours encloses, by which it is known again."""

CV_DATA = "cv_data.json"
