-- One row per version of a Mopinion dataset and field of its form.
{{ told_questions('mopinion', mopinion_metric('question_type', 'question_ref')) }}
