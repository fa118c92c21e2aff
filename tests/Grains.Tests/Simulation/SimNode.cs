using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Records;
using Grid.Silo.Directives;

namespace Grid.Grains.Tests.Simulation;

/// <summary>One process of a node: a ShardTable that is carried out, and the streams on its ranks.</summary>
internal sealed class SimNode
{
    private readonly GridSimulation _simulation;
    private readonly Random _random;
    private readonly NodeFacts _facts;
    private readonly Dictionary<(ReplicaId Replica, ShardVersion Version, ShardId Shard), DateTimeOffset?> _unloading = [];
    private readonly string[] _checksum;
    private long _sequence;
    private NodeReport? _cached;

    public SimNode(GridSimulation simulation, string name, int generation, int devices, Random random)
    {
        (_simulation, _random, Name) = (simulation, random, name);
        Experts = new SimExperts(simulation, this);
        Incarnation = $"{name}#{generation}";
        Address = $"{name}:{generation}";
        _checksum = ["sha256:files"];
        _facts = new NodeFacts(
            ["silo"], name, generation, "0.1.0", "1.0", new() { ["zone"] = name[^1] % 2 == 0 ? "a" : "b" },
            [.. Enumerable.Range(0, devices).Select(i => new DeviceFacts(DeviceId.Sim(i), 8L << 30))], $"http://{name}", "",
                simulation.Clock.Now);
    }

    public string Name { get; }

    public string Incarnation { get; }

    public string Address { get; }

    public ShardTable Table { get; } = new();

    public SimExperts Experts { get; }

    public Dictionary<long, SimStream> Streams { get; } = [];

    public bool Alive { get; private set; } = true;

    public bool DeclaredDead { get; set; }

    public DateTimeOffset? LeaveBy { get; private set; }

    public void Start()
    {
        _simulation.Clock.Every(1000, _random.Next(1, 1000), () =>
        {
            if (Alive) Report();
            return Alive;
        });
        Report();
    }

    public void Kill()
    {
        Alive = false;
        foreach (var stream in Streams.Values.ToArray()) Break(stream);
    }

    /// <summary>SIGTERM.</summary>
    public void Leave(TimeSpan timeout)
    {
        LeaveBy = _simulation.Clock.Now + timeout;
        Changed();
        _simulation.Clock.Every(200, 200, () =>
        {
            if (!Alive) return false;
            if (_simulation.Clock.Now < LeaveBy && (Table.Statuses().Length > 0 || Streams.Count > 0)) return true;
            Kill();
            _simulation.DeclareDead(this);
            return false;
        });
    }

    public ShardStatus? Apply(ShardDirective directive)
    {
        foreach (var intent in Table.Apply(directive)) Carry(intent);
        return Table.StatusOf(directive.Plan.Id, ShardVersion.Of(directive), directive.Shard);
    }

    /// <summary>Takes a request where the rank serves at that epoch.</summary>
    public bool TryAccept(ReplicaId replica, long epoch, int rank, SimStream stream)
    {
        if (!Alive || StateOf(replica, epoch, rank) != ShardState.Ready) return false;
        (stream.Node, stream.Replica, stream.Epoch, stream.Rank) = (this, replica, epoch, rank);
        Streams[stream.Id] = stream;
        var attempt = stream.Attempt;
        _simulation.Clock.After(stream.Milliseconds, () => Finish(stream, attempt));
        return true;
    }

    public NodeReport Snapshot()
    {
        _sequence++;
        var shards = Table.Statuses();
        var ranks = shards.Where(s => s.Shard.DrivenRank is not null).DistinctBy(s => (s.Replica, s.Epoch, s.Shard)).Select(s =>
        {
            var rank = s.Shard.DrivenRank!.Value;
            var count = Streams.Values.Count(x => x.Replica == s.Replica && x.Epoch == s.Epoch && x.Rank == rank);
            return new RankStatus(s.Replica, s.Epoch, rank, s.State, count, 0, 0, count, count / 64.0, 65536, 16, 8192, 64, "sim");
        }).ToArray();
        return new NodeReport(Name, Incarnation, _sequence, Address, _facts, LeaveBy is not null, LeaveBy, shards, ranks,
            [.. _simulation.Sources.Select(s => new ModelFiles(s, _checksum[0], 3L << 30, 0, 8192, null))], Table.Plans(), Table.MaxEpoch,
            Experts.Lost());
    }

    private ShardState? StateOf(ReplicaId replica, long epoch, int rank)
    {
        var driver = ShardId.DriverOf(rank);
        return Table.Statuses().FirstOrDefault(s => s.Replica == replica && s.Epoch == epoch && s.Shard == driver)?.State;
    }

    // A rank without one of its experts stalls, and goes on when it is back.
    private void Finish(SimStream stream, int attempt)
    {
        if (stream.Attempt != attempt || stream.Node != this) return;
        if (!Experts.Answer(stream.Replica, stream.Epoch, stream.Rank))
        {
            _simulation.Clock.After(100, () => Finish(stream, attempt));
            return;
        }

        Streams.Remove(stream.Id);
        stream.Node = null;
        stream.Done = true;
        _simulation.Gateway.Finished(stream);
        if (StateOf(stream.Replica, stream.Epoch, stream.Rank) != ShardState.Ready) Changed();
    }

    private void Report()
    {
        // An idle node says the same again under a higher sequence, as a real one does.
        var report = _cached is { Shards.Length: 0 } idle && Streams.Count == 0 && LeaveBy is null && Table.MaxEpoch == idle.MaxEpoch
            && Table.Statuses().Length == 0
            ? idle with { Sequence = ++_sequence }
            : Snapshot();
        _cached = report;
        _simulation.ToShells("node report", new GridEvent.NodeReported(report));
    }

    public void Changed() => _simulation.Clock.After(5, () =>
    {
        if (Alive) Report();
    });

    private void Carry(ShardIntent intent)
    {
        var (replica, version, shard) = (intent.Plan.Id, intent.Version, intent.Shard);
        if (intent.Kind is ShardIntentKind.Load or ShardIntentKind.Update && shard.DrivenRank is { } driven)
            Experts.Follow(intent.Plan, driven);
        switch (intent.Kind)
        {
            case ShardIntentKind.Load:
                _simulation.Clock.After(_random.Next(200, 2000), () =>
                {
                    if (!Alive) return;
                    if (!_simulation.Network.Healed && _random.NextDouble() < 0.02)
                        Table.SetFailed(replica, version, shard, "LoadFailed", "out of luck");
                    else Table.SetLoaded(replica, version, shard);
                    Changed();
                });
                break;
            case ShardIntentKind.Drain when intent.HandOverAt is { } at && shard.DrivenRank is { } rank:
                _simulation.Clock.After(Math.Max(0, (long)(at - _simulation.Clock.Now).TotalMilliseconds),
                    () => HandOver(replica, version.Epoch, rank, at));
                break;
            case ShardIntentKind.Unload:
                var first = !_unloading.ContainsKey((replica, version, shard));
                _unloading[(replica, version, shard)] = intent.HandOverAt;
                if (first) _simulation.Clock.Every(100, 100, () => !TryUnload(replica, version, shard));
                break;
            default: break;
        }

        Changed();
    }

    private bool TryUnload(ReplicaId replica, ShardVersion version, ShardId shard)
    {
        if (!Alive) return true;
        var at = _unloading[(replica, version, shard)];
        if (shard.DrivenRank is { } rank)
        {
            if (at is null || at <= _simulation.Clock.Now) BreakAll(replica, version.Epoch, rank);
            if (StreamsOf(replica, version.Epoch, rank).Any()) return false;
        }

        _unloading.Remove((replica, version, shard));
        foreach (var next in Table.SetUnloaded(replica, version, shard)) Carry(next);
        Changed();
        return true;
    }

    private void HandOver(ReplicaId replica, long epoch, int rank, DateTimeOffset at)
    {
        if (!Alive || StateOf(replica, epoch, rank) == ShardState.Ready || at > _simulation.Clock.Now) return;
        BreakAll(replica, epoch, rank);
        Changed();
    }

    private IEnumerable<SimStream> StreamsOf(ReplicaId replica, long epoch, int rank) =>
        Streams.Values.Where(s => s.Replica == replica && s.Epoch == epoch && s.Rank == rank);

    private void BreakAll(ReplicaId replica, long epoch, int rank)
    {
        foreach (var stream in StreamsOf(replica, epoch, rank).ToArray()) Break(stream);
    }

    private void Break(SimStream stream)
    {
        Streams.Remove(stream.Id);
        stream.Node = null;
        stream.Attempt++;
        _simulation.Gateway.Resume(stream);
    }
}
