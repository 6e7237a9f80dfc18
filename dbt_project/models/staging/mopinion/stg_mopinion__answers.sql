-- One row per version of a Mopinion feedback and answer; of several things chosen one row each.
{{ told_answers('mopinion', mopinion_metric('question_type', 'question_ref')) }}
