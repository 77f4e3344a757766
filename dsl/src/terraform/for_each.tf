# A module that makes state machines, roles and schedules out of workflows/*.json. Rename it to main.tf, and change
# what your team does in another way.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.40"
    }
  }
}

variable "schedule_group" {
  type        = string
  description = "The name of the schedule group to be made."
}

variable "create_guard_table" {
  type        = bool
  default     = true
  description = "Whether this module creates the guard's table, which all workflows of an account and region share."
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  workflows = {
    for file in fileset(path.module, "workflows/*.json") :
    trimsuffix(basename(file), ".json") => jsondecode(templatefile("${path.module}/${file}", {
      partition  = data.aws_partition.current.partition
      region     = data.aws_region.current.id
      account_id = data.aws_caller_identity.current.account_id
      url_suffix = data.aws_partition.current.dns_suffix
    }))
  }

  roles = merge(
    { for name, workflow in local.workflows : "${name}/execution" => workflow.execution_role
    if !can(workflow.execution_role.arn) },
    { for name, workflow in local.workflows : "${name}/scheduler" => workflow.scheduler_role
    if workflow.scheduler_role != null },
  )

  policies = merge([
    for key, role in local.roles : { for policy in role.policies : "${key}/${policy.name}" => merge(policy, { role = key }) }
  ]...)

  schedules = merge([for workflow in local.workflows : workflow.schedules]...)
}

resource "aws_dynamodb_table" "guard" {
  for_each                    = toset(var.create_guard_table ? compact([for w in local.workflows : w.guard_table]) : [])
  name                        = each.value
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  deletion_protection_enabled = true

  attribute {
    name = "pk"
    type = "S"
  }

  ttl {
    attribute_name = "ttl"
    enabled        = true
  }
}

resource "aws_iam_role" "this" {
  for_each             = local.roles
  name                 = each.value.name
  path                 = each.value.path
  assume_role_policy   = jsonencode(each.value.assume_role_policy)
  permissions_boundary = each.value.permissions_boundary
}

resource "aws_iam_role_policy" "this" {
  for_each = { for key, policy in local.policies : key => policy if !policy.managed }
  name     = each.value.name
  role     = aws_iam_role.this[each.value.role].id
  policy   = jsonencode(each.value.policy)
}

resource "aws_iam_policy" "this" {
  for_each = { for key, policy in local.policies : key => policy if policy.managed }
  name     = each.value.name
  policy   = jsonencode(each.value.policy)
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = aws_iam_policy.this
  role       = aws_iam_role.this[local.policies[each.key].role].id
  policy_arn = each.value.arn
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = { for name, workflow in local.workflows : name => workflow.log_group if workflow.log_group != null }
  name              = each.value.name
  retention_in_days = each.value.retention_in_days
}

resource "aws_sfn_state_machine" "this" {
  for_each   = local.workflows
  name       = each.value.name
  type       = each.value.type
  role_arn   = can(each.value.execution_role.arn) ? each.value.execution_role.arn : aws_iam_role.this["${each.key}/execution"].arn
  definition = each.value.definition
  tags       = each.value.tags

  dynamic "logging_configuration" {
    for_each = each.value.logging[*]
    content {
      level                  = logging_configuration.value.level
      include_execution_data = logging_configuration.value.include_execution_data
      log_destination        = "${logging_configuration.value.log_group_arn}:*"
    }
  }

  tracing_configuration {
    enabled = each.value.tracing
  }

  depends_on = [
    aws_iam_role_policy.this, aws_iam_role_policy_attachment.this, aws_cloudwatch_log_group.this, aws_dynamodb_table.guard,
  ]
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.schedule_group
}

resource "aws_scheduler_schedule" "this" {
  for_each                     = local.schedules
  name                         = each.key
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = each.value.description
  schedule_expression          = each.value.schedule_expression
  schedule_expression_timezone = each.value.schedule_expression_timezone
  start_date                   = each.value.start_date
  end_date                     = each.value.end_date
  state                        = each.value.state

  flexible_time_window {
    mode                      = each.value.flexible_time_window.mode
    maximum_window_in_minutes = try(each.value.flexible_time_window.maximum_window_in_minutes, null)
  }

  target {
    arn      = aws_sfn_state_machine.this[each.value.workflow].arn
    role_arn = aws_iam_role.this["${each.value.workflow}/scheduler"].arn
    # A plain string: jsonencode would break the words that EventBridge Scheduler fills in.
    input = each.value.target.input

    retry_policy {
      maximum_event_age_in_seconds = each.value.target.retry_policy.maximum_event_age_in_seconds
      maximum_retry_attempts       = each.value.target.retry_policy.maximum_retry_attempts
    }

    dynamic "dead_letter_config" {
      for_each = each.value.target.dead_letter_config[*]
      content {
        arn = dead_letter_config.value.arn
      }
    }
  }

  depends_on = [aws_iam_role_policy.this]
}
