output "job_id" {
  description = "ID of the job; null while no stage is open."
  value       = one(alicloud_iot_ota_dynamic_job.this[*].job_id)
}

output "import_id" {
  description = "What the job is imported by; null while no stage is open."
  value       = one(alicloud_iot_ota_dynamic_job.this[*].id)
}

output "job_status" {
  description = "Status of the job at the last refresh; null while no stage is open."
  value       = one(alicloud_iot_ota_dynamic_job.this[*].job_status)
}

output "dest_version" {
  description = "Version that the package brings; null while no stage is open."
  value       = one(alicloud_iot_ota_dynamic_job.this[*].dest_version)
}

output "src_versions" {
  description = "Versions whose devices get the package, in the order of the stages."
  value       = local.src_versions
}

output "stages" {
  description = "Names of the open stages, in their order."
  value       = local.open[*].name
}
