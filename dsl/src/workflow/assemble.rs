//! From a workflow to its bundle.

use super::{Compiled, Log, Workflow, express};
use crate::asl::StateMachine;
use crate::bundle::{
    self, ACCOUNT_ID, Bundle, GivenRole, GuardTable, LockSpec, LogGroup, Logging, ManagedRole, PARTITION, Policy,
    PolicyDocument, REGION, Role, ScheduleGroup, ScheduleSpec, StateMachineSpec, StateMachineType,
};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::guard::{self, About, Dedupe, Guard, Liveness, Neighbours, Section};
use crate::iam;
use crate::ir::whole_seconds;
use crate::lower::{Lowered, lower};
use crate::name;
use crate::request;
use crate::service::arn;

impl Workflow {
    /// Compiles it, as a part of the app of that name. A pure function: no clock, no network, no environment.
    #[must_use]
    pub fn compile(&self, app: &str) -> Compiled {
        self.compile_among(app, &Neighbours::default())
    }

    /// The same, among the other workflows of the app.
    pub(crate) fn compile_among(&self, app: &str, neighbours: &Neighbours) -> Compiled {
        let Lowered { machine, access, places, key, sections, mut diagnostics } =
            lower(&mut self.recording.borrow_mut());
        self.check_name(&mut diagnostics);
        let definition = self.definition(machine, &mut diagnostics);
        let place = |state: &str| places.get(state).cloned().unwrap_or_else(|| self.place());
        express::check(&definition, self.express, &place, &mut diagnostics);
        let machine_arn = arn("states", "stateMachine:", &self.name);
        request::check(&definition, &place, &mut diagnostics);
        let mut needs = iam::needs(&self.name, &definition, &access, &place, &mut diagnostics);
        let guard = self.guard(key, neighbours, &mut diagnostics);
        let said = self.concurrency.as_ref();
        if guard.is_some() {
            guard::check_outliving(said, &definition, &|_| true, &place, &mut diagnostics);
        }
        for section in &sections {
            let is_inside = |state: &str| section.within.contains(state);
            guard::check_outliving(Some(&section.concurrency), &definition, &is_inside, &place, &mut diagnostics);
        }
        let mut sections = self.sections(sections, neighbours, &mut diagnostics);
        let locks = self.locks(guard.as_ref(), &sections, &mut diagnostics);
        for guard in sections.iter().map(|(_, guard)| guard).chain(&guard) {
            needs.extend(guard::needs(guard, &self.name, &neighbours.sharers(&guard.lock, &self.name)));
        }
        let definition = self.weave(definition, guard.as_ref(), &mut sections, &mut diagnostics);
        let needs_envelope = guard.as_ref().is_some_and(|guard| guard.dedupe != Dedupe::Off);
        let tables = sections.iter().map(|(_, guard)| guard).chain(&guard);
        let mut tables = tables.filter(|guard| guard.liveness != Liveness::List);
        let guard_table = tables.next().map(|guard| GuardTable::new(&guard.table_name));
        let (logging, log_group) = self.logging(&mut diagnostics).unzip();
        needs.extend(logging.is_some().then(iam::log_delivery));
        needs.extend(self.tracing.then(iam::tracing));
        let policies = iam::policies(&self.name, "execution", needs);
        let execution_role = match &self.role_arn {
            Some(role_arn) => Role::Given(GivenRole { role_arn: role_arn.clone(), required_policies: policies }),
            None => self.role("execution", iam::execution_trust(&machine_arn), policies),
        };
        let (schedules, scheduler_role) = self.schedules(app, &machine_arn, needs_envelope, &mut diagnostics);
        let mut bundle = Bundle {
            name: self.name.clone(),
            content_hash: String::new(),
            state_machine: StateMachineSpec {
                name: self.name.clone(),
                r#type: if self.express { StateMachineType::Express } else { StateMachineType::Standard },
                definition,
                logging,
                tracing: self.tracing,
                tags: self.tags.clone(),
            },
            execution_role,
            guard_table,
            locks,
            schedule_group: scheduler_role.is_some().then(|| ScheduleGroup { name: app.to_owned() }),
            scheduler_role,
            log_group: log_group.flatten(),
            schedules,
        };
        // A `Bundle` holds nothing that JSON can't.
        let text = serde_json::to_string(&bundle).unwrap_or_default();
        bundle.content_hash = name::sha256(&text);
        self.check_length(&bundle, &text, &mut diagnostics);
        Compiled { bundle, diagnostics, places: places.into_iter().collect() }
    }

    /// What is woven into it.
    fn guard(&self, key: Option<String>, neighbours: &Neighbours, diagnostics: &mut Diagnostics) -> Option<Guard> {
        guard::check(self.concurrency.as_ref(), &self.about(self.place(), key, None, neighbours), diagnostics)
    }

    /// The guards of its sections.
    fn sections(
        &self,
        sections: Vec<Section>,
        neighbours: &Neighbours,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(Section, Guard)> {
        let mut found = Vec::new();
        for section in sections {
            let about = self.about(section.place.clone(), section.key.clone(), Some(&section), neighbours);
            if let Some(guard) = guard::check(Some(&section.concurrency), &about, diagnostics) {
                found.push((section, guard));
            }
        }
        found
    }

    fn about<'a>(
        &'a self,
        place: Place,
        key: Option<String>,
        section: Option<&'a Section>,
        neighbours: &'a Neighbours,
    ) -> About<'a> {
        About {
            workflow: &self.name,
            place,
            express: self.express,
            has_timeout: self.timeout.is_some(),
            schedules: self.schedules.len(),
            // Ticks are those of the whole workflow.
            dedupe: self.dedupe.filter(|_| section.is_none()),
            key,
            input_shape: self.shapes.0,
            table_name: self.guard_table.as_deref().or(neighbours.guard_table.as_deref()).unwrap_or(guard::TABLE),
            section,
        }
    }

    /// The locks that its executions take, the outermost first; waiting for one that the execution holds is an error.
    fn locks(
        &self,
        whole: Option<&Guard>,
        sections: &[(Section, Guard)],
        diagnostics: &mut Diagnostics,
    ) -> Vec<LockSpec> {
        let whole = whole.filter(|guard| guard.liveness != Liveness::List);
        let mut locks: Vec<LockSpec> = whole.iter().map(|guard| guard.spec(None, None)).collect();
        for (number, (section, guard)) in sections.iter().enumerate().rev() {
            // The innermost one first.
            let outer = sections[number + 1..].iter().filter(|(outer, _)| outer.within.contains(&section.start));
            let around: Vec<&Guard> = outer.map(|(_, guard)| guard).chain(whole).collect();
            let spec = guard.spec(Some(&section.name), around.first().copied());
            if around.iter().any(|outer| outer.lock == guard.lock) {
                let message =
                    format!("`{}` takes the lock `{}`, which the execution holds already", section.name, spec.key);
                diagnostics.push(
                    Diagnostic::error(codes::GUARD_POLICY, message, section.place.clone())
                        .help("remove one of the two, or give it another `.key(…)`"),
                );
            }
            locks.push(spec);
        }
        locks
    }

    fn weave(
        &self,
        mut definition: StateMachine,
        whole: Option<&Guard>,
        sections: &mut [(Section, Guard)],
        diagnostics: &mut Diagnostics,
    ) -> StateMachine {
        if whole.is_none() && sections.is_empty() {
            return definition;
        }
        if let Err(problem) = guard::check_names(&definition) {
            diagnostics.push(problem);
            return definition;
        }
        guard::weave_sections(&mut definition, sections);
        match whole {
            Some(guard) => guard::weave_checked(&definition, guard),
            None => definition,
        }
    }

    fn check_name(&self, diagnostics: &mut Diagnostics) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if self.name.is_empty() || self.name.len() > 80 || !self.name.chars().all(allowed) {
            let message =
                format!("expected 1 to 80 letters, digits, `-` and `_` as a workflow's name, found `{}`", self.name);
            diagnostics.push(
                Diagnostic::error(codes::WORKFLOW_NAME, message, self.at)
                    .help("write `Workflow::new(\"nightly-load\", …)`, say"),
            );
        }
    }

    fn definition(&self, machine: StateMachine, diagnostics: &mut Diagnostics) -> StateMachine {
        let place = self.place();
        let timeout = self.timeout.map(|limit| whole_seconds(limit, &place, diagnostics));
        if self.express && timeout.is_some_and(|seconds| seconds > express::LONGEST) {
            let message = format!("an Express workflow ends after {} seconds", express::LONGEST);
            diagnostics.push(
                Diagnostic::error(codes::EXPRESS_TOO_LONG, message, self.at)
                    .help("shorten the timeout, or remove `.express()`"),
            );
        }
        if timeout.is_some_and(|seconds| !(1..=99_999_999).contains(&seconds)) {
            diagnostics.push(
                Diagnostic::error(codes::TIME_OUT_OF_RANGE, "expected a timeout of 1 to 99,999,999 seconds", self.at)
                    .help("write `.timeout(Duration::from_secs(3600))`, say"),
            );
        }
        StateMachine { comment: self.comment.clone(), timeout_seconds: timeout, ..machine }
    }

    fn check_length(&self, bundle: &Bundle, text: &str, diagnostics: &mut Diagnostics) {
        const LIMIT: usize = 1_048_576;
        // The whole bundle is hardly ever that long; only then the definition is measured.
        if text.len() <= LIMIT {
            return;
        }
        let length = bundle.state_machine.definition.to_json().to_string().chars().count();
        if length > LIMIT {
            let message = format!("the definition has {length} characters, of which AWS takes 1,048,576");
            diagnostics.push(
                Diagnostic::error(codes::DEFINITION_TOO_LARGE, message, self.at)
                    .help("move a part into a workflow of its own, and start that with `states::StateMachine::start`"),
            );
        }
    }

    fn role(&self, kind: &str, trust: PolicyDocument, policies: Vec<Policy>) -> Role {
        Role::Managed(ManagedRole {
            role_name: bundle::role_name(&self.name, kind),
            path: self.role_path.clone(),
            assume_role_policy_document: trust,
            permissions_boundary: self.permissions_boundary.clone(),
            policies,
        })
    }

    fn logging(&self, diagnostics: &mut Diagnostics) -> Option<(Logging, Option<LogGroup>)> {
        let log = self.log.as_ref()?;
        if !Log::RETENTIONS.contains(&log.retention_days) {
            let near = Log::RETENTIONS.iter().find(|days| **days > log.retention_days).unwrap_or(&3653);
            let message = format!("CloudWatch Logs keeps nothing for {} days", log.retention_days);
            diagnostics.push(
                Diagnostic::error(codes::LOG_RETENTION, message, self.at)
                    .help(format!("write `.retention_days({near})`")),
            );
        }
        let group_name = bundle::log_group_name(&self.name);
        let own_arn = format!("arn:{PARTITION}:logs:{REGION}:{ACCOUNT_ID}:log-group:{group_name}");
        let logging = Logging {
            level: log.level,
            include_execution_data: log.execution_data,
            log_group_arn: log.group_arn.clone().unwrap_or(own_arn),
        };
        let group = LogGroup { log_group_name: group_name, retention_in_days: log.retention_days };
        Some((logging, log.group_arn.is_none().then_some(group)))
    }

    fn schedules(
        &self,
        app: &str,
        machine_arn: &str,
        needs_envelope: bool,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<ScheduleSpec>, Option<Role>) {
        if self.schedules.is_empty() {
            return (Vec::new(), None);
        }
        // What the role may do depends on the schedules, and their target names the role: its ARN comes first.
        let bare = self.role("scheduler", iam::scheduler_trust(app), Vec::new());
        let mut specs = Vec::new();
        let mut queues = Vec::new();
        for (index, schedule) in self.schedules.iter().enumerate() {
            let default_name = if index == 0 { self.name.clone() } else { format!("{}-{}", self.name, index + 1) };
            let spec =
                schedule.spec(&default_name, app, machine_arn.to_owned(), bare.arn(), needs_envelope, diagnostics);
            queues.extend(spec.target.dead_letter_config.as_ref().map(|queue| queue.arn.clone()));
            specs.push(spec);
        }
        let policies = iam::scheduler_policies(&self.name, machine_arn, queues);
        (specs, Some(self.role("scheduler", iam::scheduler_trust(app), policies)))
    }
}
