using Grid.Grains.Records;

namespace Grid.Grains.Tests.Simulation;

/// <summary>The store: one state under an ETag, sometimes away.</summary>
internal sealed class SimStore
{
    public enum Outcome
    {
        Written,
        Conflict,
        Unavailable,
    }

    public GridState State { get; private set; } = new() { Incarnation = "sim" };

    public long ETag { get; private set; }

    public bool Away { get; set; }

    public Outcome Write(GridState state, ref long etag)
    {
        if (Away) return Outcome.Unavailable;
        if (etag != ETag) return Outcome.Conflict;
        State = state;
        etag = ++ETag;
        return Outcome.Written;
    }
}
