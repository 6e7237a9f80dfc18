-- One row per version of a kind of Delighted survey and question that was answered in it.
{{ told_questions('delighted', delighted_metric('question_type', 'question_ref')) }}
