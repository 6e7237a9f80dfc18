-- One row per version of a LimeSurvey survey and column that a question fills, hidden ones left out.
{{ told_questions('limesurvey', limesurvey_metric('question_type', 'question_ref')) }}
