using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Reconciliation;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Simulation;

/// <summary>One process of a node: a ShardTable that is carried out, and the streams on its ranks.</summary>
internal sealed class SimNode
{
    private readonly GridSimulation _simulation;
    private readonly Random _random;
    private readonly NodeFacts _facts;
    private readonly Dictionary<(string Replica, long Epoch, string Shard), DateTimeOffset?> _unloading = [];
    private readonly string[] _checksum;
    private long _sequence;
    private NodeReport? _cached;

    public SimNode(GridSimulation simulation, string name, int generation, int devices, Random random)
    {
        (_simulation, _random, Name) = (simulation, random, name);
        Incarnation = $"{name}#{generation}";
        Address = $"{name}:{generation}";
        _checksum = ["sha256:files"];
        _facts = new NodeFacts(
            ["silo"], name, generation, "0.1.0", "1.0", new() { ["zone"] = name[^1] % 2 == 0 ? "a" : "b" },
            [.. Enumerable.Range(0, devices).Select(i => new DeviceFacts($"sim:{i}", "sim", 8L << 30))], $"http://{name}", "", simulation.Clock.Now);
    }

    public string Name { get; }

    public string Incarnation { get; }

    public string Address { get; }

    public ShardTable Table { get; } = new();

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
        return Table.StatusOf(directive.Plan.Id, directive.Plan.Epoch, directive.Shard);
    }

    /// <summary>Takes a request where the rank serves at that epoch.</summary>
    public bool TryAccept(string replica, long epoch, SimStream stream)
    {
        if (!Alive || Table.StatusOf(replica, epoch, "dp0/pp0/tp0")?.State != ShardState.Ready) return false;
        (stream.Node, stream.Replica, stream.Epoch) = (this, replica, epoch);
        Streams[stream.Id] = stream;
        var attempt = stream.Attempt;
        _simulation.Clock.After(stream.Milliseconds, () =>
        {
            if (stream.Attempt != attempt || stream.Node != this) return;
            Streams.Remove(stream.Id);
            stream.Node = null;
            stream.Done = true;
            _simulation.Gateway.Finished(stream);
            if (Table.StatusOf(replica, epoch, "dp0/pp0/tp0")?.State != ShardState.Ready) Changed();
        });
        return true;
    }

    public NodeReport Snapshot()
    {
        _sequence++;
        var shards = Table.Statuses();
        var ranks = shards.Where(s => s.Shard == "dp0/pp0/tp0").Select(s =>
        {
            var count = Streams.Values.Count(x => x.Replica == s.Replica && x.Epoch == s.Epoch);
            return new RankStatus(s.Replica, s.Epoch, 0, s.State, count, 0, 0, count, count / 64.0, 65536, 16, 8192, 64, "sim");
        }).ToArray();
        return new NodeReport(Name, Incarnation, _sequence, Address, _facts, LeaveBy is not null, LeaveBy, shards, ranks,
            [.. _simulation.Sources.Select(s => new ModelFiles(s, _checksum[0], 3L << 30, 0, 8192, null))], Table.Plans(), Table.MaxEpoch);
    }

    private void Report()
    {
        // An idle node says the same again under a higher sequence, as a real one does.
        var report = _cached is { Shards.Length: 0 } idle && Streams.Count == 0 && LeaveBy is null && Table.MaxEpoch == idle.MaxEpoch && Table.Statuses().Length == 0
            ? idle with { Sequence = ++_sequence }
            : Snapshot();
        _cached = report;
        _simulation.ToShells(new GridEvent.NodeReported(report));
    }

    private void Changed() => _simulation.Clock.After(5, () =>
    {
        if (Alive) Report();
    });

    private void Carry(ShardIntent intent)
    {
        var (replica, epoch, shard) = (intent.Plan.Id, intent.Plan.Epoch, intent.Shard);
        switch (intent.Kind)
        {
            case ShardIntentKind.Load:
                _simulation.Clock.After(_random.Next(200, 2000), () =>
                {
                    if (!Alive) return;
                    if (!_simulation.Network.Healed && _random.NextDouble() < 0.02) Table.SetFailed(replica, epoch, shard, "LoadFailed", "out of luck");
                    else Table.SetLoaded(replica, epoch, shard);
                    Changed();
                });
                break;
            case ShardIntentKind.Drain when intent.HandOverAt is { } at:
                _simulation.Clock.After(Math.Max(0, (long)(at - _simulation.Clock.Now).TotalMilliseconds), () => HandOver(replica, epoch, at));
                break;
            case ShardIntentKind.Unload:
                var first = !_unloading.ContainsKey((replica, epoch, shard));
                _unloading[(replica, epoch, shard)] = intent.HandOverAt;
                if (first) _simulation.Clock.Every(100, 100, () => !TryUnload(replica, epoch, shard));
                break;
            default: break;
        }

        Changed();
    }

    private bool TryUnload(string replica, long epoch, string shard)
    {
        if (!Alive) return true;
        var at = _unloading[(replica, epoch, shard)];
        if (at is null || at <= _simulation.Clock.Now)
            foreach (var stream in Streams.Values.Where(s => s.Replica == replica && s.Epoch == epoch).ToArray()) Break(stream);
        if (Streams.Values.Any(s => s.Replica == replica && s.Epoch == epoch)) return false;
        _unloading.Remove((replica, epoch, shard));
        foreach (var next in Table.SetUnloaded(replica, epoch, shard)) Carry(next);
        Changed();
        return true;
    }

    private void HandOver(string replica, long epoch, DateTimeOffset at)
    {
        if (!Alive || Table.StatusOf(replica, epoch, "dp0/pp0/tp0")?.State == ShardState.Ready || at > _simulation.Clock.Now) return;
        foreach (var stream in Streams.Values.Where(s => s.Replica == replica && s.Epoch == epoch).ToArray()) Break(stream);
        Changed();
    }

    private void Break(SimStream stream)
    {
        Streams.Remove(stream.Id);
        stream.Node = null;
        stream.Attempt++;
        _simulation.Gateway.Resume(stream);
    }
}
