-- One row per version of a LimeSurvey response and hidden question, equation, or fact about a participant.
{{ told_properties('limesurvey') }}
