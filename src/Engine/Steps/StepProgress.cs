namespace Grid.Engine.Steps;

/// <summary>
/// A counter that rises while a step is being computed, with each layer: whoever watches the engine can tell one long step from a thread
/// that hangs. Written by the thread that computes, read by any.
/// </summary>
internal sealed class StepProgress
{
    private long _ticks;

    /// <summary>Ticks since the start.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>A part of the step is done.</summary>
    public void Tick() => Volatile.Write(ref _ticks, _ticks + 1);
}
