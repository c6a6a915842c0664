# No service, no credentials: what the module makes of its variables.

mock_provider "alicloud" {
  source = "./mocks"
}

run "the_pilot_is_small_and_behind_a_gate" {
  assert {
    condition     = alicloud_iot_ota_rollout_gate.pilot.job_id == alicloud_iot_ota_dynamic_job.pilot.job_id
    error_message = "The gate watches another job."
  }

  assert {
    condition     = output.failed_percentage == 2
    error_message = "The share of failures is not the one of the mocked gate."
  }
}
