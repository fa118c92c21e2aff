namespace Grid.Grains.Tests.Simulation;

/// <summary>A request on its way.</summary>
internal sealed class SimStream(long id, string model, int milliseconds)
{
    public long Id { get; } = id;

    public string Model { get; } = model;

    public int Milliseconds { get; } = milliseconds;

    public int Attempt { get; set; }

    public SimNode? Node { get; set; }

    public ReplicaId Replica { get; set; }

    public long Epoch { get; set; }

    public int Rank { get; set; }

    public bool Done { get; set; }
}
