-- One row per question, as the programme table has it now.

{{ programme_table('questions', {
    'source_name': 'text',
    'survey_id': 'text',
    'question_ref': 'text',
    'question_text': 'text',
    'metric': 'text',
    'scale_min': 'number',
    'scale_max': 'number',
    'is_reversed': 'yes_no',
    'no_answer_values': 'text',
    'journey_id': 'text',
    'touchpoint_id': 'text',
    'survey_kind': 'text',
    'asks_for': 'text',
    'experience': 'text',
    'choices': 'text',
}) }}
