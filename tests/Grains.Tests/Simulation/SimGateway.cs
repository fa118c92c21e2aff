using Grid.Abstractions.Routing;
using Grid.Grains.Control;

namespace Grid.Grains.Tests.Simulation;

/// <summary>A gateway: sends requests by its table, tries again elsewhere, resumes what broke, and lets the rest wait.</summary>
internal sealed class SimGateway(GridSimulation simulation, Random random)
{
    private readonly List<SimStream> _waiting = [];
    private long _sent;
    private RoutingTable? _table;

    public long Sent => _sent;

    public long Finishes { get; private set; }

    public long Resumes { get; private set; }

    public int Waiting => _waiting.Count;

    public void Start()
    {
        simulation.Clock.Every(1000, 500, () =>
        {
            var queued = _waiting.GroupBy(s => s.Model).ToDictionary(g => g.Key, g => g.Count());
            simulation.ToShells("gateway report",
                new GridEvent.GatewayReported(new GatewayReport("g", "http://g", _table?.Version ?? 0, 0, queued, [], [])));
            simulation.PollTable(Take);
            return true;
        });
        simulation.Clock.Every(100, 100, () =>
        {
            var waiting = _waiting.ToArray();
            _waiting.Clear();
            foreach (var stream in waiting) Send(stream);
            return true;
        });
    }

    public void Take(RoutingTable table)
    {
        if (_table is null || table.Version > _table.Version) _table = table;
    }

    public void Request(string model) => Send(new SimStream(_sent++, model, random.Next(100, 3000)));

    public void Resume(SimStream stream)
    {
        Resumes++;
        simulation.Clock.After(10, () => Send(stream));
    }

    public void Finished(SimStream stream) => Finishes++;

    private void Send(SimStream stream)
    {
        var ranks = _table?.Models.FirstOrDefault(m => m.Name == stream.Model)?.Ranks.Where(r => r.Accepting).ToArray() ?? [];
        if (ranks.Length == 0)
        {
            _waiting.Add(stream);
            return;
        }

        var rank = ranks[random.Next(ranks.Length)];
        simulation.Clock.After(random.Next(1, 5), () =>
        {
            if (simulation.Live(rank.Node) is not { } node || !node.TryAccept(rank.Id.Replica, rank.Epoch, rank.Id.Number, stream))
                _waiting.Add(stream);
        });
    }
}
