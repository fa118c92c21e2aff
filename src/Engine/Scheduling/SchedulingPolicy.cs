namespace Grid.Engine.Scheduling;

/// <summary>Who goes first (<c>--scheduling-policy</c>).</summary>
internal enum SchedulingPolicy
{
    /// <summary>First come, first served.</summary>
    Fcfs,

    /// <summary>The lowest priority number first, then the first come.</summary>
    Priority,
}
