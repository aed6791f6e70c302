namespace EventFly.Prove.Plan;

/// <summary>A process is killed with signal 9.</summary>
/// <param name="At">After the opening.</param>
/// <param name="All">Every copy of it, or only one.</param>
/// <param name="Away">How long until it is started again.</param>
internal sealed record Kill(TimeSpan At, string Victim, bool All, TimeSpan Away);

/// <summary>How the payment provider behaves from a moment on: its simulator's switches.</summary>
internal sealed record Weather(TimeSpan From, string Name, object Switches);
