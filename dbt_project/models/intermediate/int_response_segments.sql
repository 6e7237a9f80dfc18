-- One row per response and configured segment type that the response has a segment of.
{{ config(materialized='view') }}

{{- segments_of_responses(ref('responses'), ref('response_properties')) }}
