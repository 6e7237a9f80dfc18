-- One row per version of a saved Delighted response and answer; of several things chosen one row each.
{{ told_answers('delighted', delighted_metric('question_type', 'question_ref')) }}
