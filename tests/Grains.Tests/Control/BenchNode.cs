using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Silo.Directives;

namespace Grid.Grains.Tests.Control;

/// <summary>A node of the bench; streams are set by hand.</summary>
internal sealed class BenchNode(NodeReport first, string[]? roles)
{
    private readonly ShardTable _table = new();
    private readonly List<ShardIntent> _work = [];
    private long _sequence;

    public string Name => first.Name;

    public string Address { get; set; } = first.SiloAddress;

    public string Incarnation => first.Incarnation;

    public int Generation => int.Parse(first.Incarnation[(first.Incarnation.IndexOf('#') + 1)..]);

    public int Streams { get; set; }

    public bool Silent { get; set; }

    public ModelFiles[] Files { get; set; } = first.Files;

    public bool Leaving { get; set; }

    public int MaxNumSeqs { get; set; } = 64;

    public ShardLoss[]? Lost { get; set; }

    public string? Waits { get; set; }

    public ShardTable Table => _table;

    /// <summary>A shard fails by itself.</summary>
    public void Fail(ShardId shard)
    {
        var status = _table.Statuses().First(s => s.Shard == shard);
        _table.SetFailed(status.Replica, new ShardVersion(status.Epoch, status.Generation), shard, "EngineFailed", "by hand");
    }

    public ShardStatus? Apply(ShardDirective directive)
    {
        _work.AddRange(_table.Apply(directive));
        return _table.StatusOf(directive.Plan.Id, ShardVersion.Of(directive), directive.Shard);
    }

    public NodeReport Report(bool loads)
    {
        foreach (var intent in _work.ToArray())
        {
            if (intent.Kind == ShardIntentKind.Load && !loads) continue;
            if (intent.Kind == ShardIntentKind.Load) _table.SetLoaded(intent.Plan.Id, intent.Version, intent.Shard);
            if (intent.Kind == ShardIntentKind.Unload) _work.AddRange(_table.SetUnloaded(intent.Plan.Id, intent.Version, intent.Shard));
            _work.Remove(intent);
        }

        var shards = _table.Statuses();
        return first with
        {
            Sequence = ++_sequence,
            SiloAddress = Address,
            Facts = first.Facts with { Roles = roles ?? first.Facts.Roles },
            Leaving = Leaving,
            Files = Files,
            Shards = shards,
            Ranks = [
                .. shards.Where(s => s.Shard.DrivenRank is not null)
                .Select((s, i) =>
                new RankStatus(s.Replica, s.Epoch, s.Shard.DrivenRank!.Value, s.State, 0, 0, 0, i == 0 ? Streams : 0, 0, 1024, 1, 8192,
                    MaxNumSeqs, "sim", Waits: Waits))],
            Plans = _table.Plans(),
            MaxEpoch = _table.MaxEpoch,
            Lost = Lost,
        };
    }
}
