# JOB_ID, or IOT_INSTANCE_ID/JOB_ID for a job of an instance
terraform import alicloud_iot_ota_dynamic_job.minimal wahVIzGkCMuAUE2gDERM020100
