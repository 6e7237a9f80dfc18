-- One row per version of a LimeSurvey response and column that holds an answer; a ticked box is one.
{{ told_answers('limesurvey', limesurvey_metric('question_type', 'question_ref')) }}
