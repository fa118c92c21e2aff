using Grid.Abstractions.Admin;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Simulation;

/// <summary>An activation of the grid grain: a controller, and what is owed to it.</summary>
internal sealed class SimShell
{
    private readonly GridSimulation _simulation;
    private long _etag;

    public SimShell(GridSimulation simulation)
    {
        _simulation = simulation;
        _etag = simulation.Store.ETag;
        Controller = new GridController(simulation.Store.State, simulation.Clock.Now, simulation.Fault.Rules(), simulation.Fault.Ledger());
        simulation.Clock.Every(1000, 1, () =>
        {
            if (Alive) Handle(new GridEvent.Tick());
            return Alive;
        });
    }

    public GridController Controller { get; }

    public bool Alive { get; set; } = true;

    public bool IsCurrent => _etag == _simulation.Store.ETag;

    public AdminFault? Handle(GridEvent e)
    {
        if (!Alive) return null;
        AdminFault? fault = null;
        var decisions = Controller.Handle(e, _simulation.Clock.Now);
        _simulation.Invariants.Handled(this, e);
        foreach (var decision in decisions)
        {
            switch (decision)
            {
                case GridDecision.Persist(var state):
                    switch (_simulation.Store.Write(state, ref _etag))
                    {
                        case SimStore.Outcome.Conflict:
                            Alive = false;
                            return null;
                        case SimStore.Outcome.Unavailable:
                            Handle(new GridEvent.PersistFailed("the store is away"));
                            return null;
                        default:
                            _simulation.Invariants.Written(this, state);
                            break;
                    }

                    break;
                case GridDecision.ObserveLoad(var observation):
                    _simulation.Network.Call(
                        "grid to model", () => _simulation.Model(observation.Model).Observe(observation, _simulation.Clock.Now),
                        recommendation => Handle(new GridEvent.ScaleRecommended(recommendation)));
                    break;
                case GridDecision.DirectReplica(var directive):
                    _simulation.Invariants.Directed(this, directive);
                    Direct(directive);
                    break;
                case GridDecision.Publish(var table):
                    _simulation.Invariants.Offered(table);
                    _simulation.Network.Send("table to gateway", () => _simulation.Gateway.Take(table));
                    break;
                case GridDecision.Answer(_, var refused):
                    fault = refused;
                    break;
                default: throw new InvalidOperationException($"{decision}");
            }
        }

        return fault;
    }

    private void Direct(ReplicaDirective directive)
    {
        var lifecycle = _simulation.Replica(directive.Replica);
        _simulation.Network.Send("grid to replica", () =>
        {
            // As the grain does: it answers once, when each shard that it asks has answered or had its time.
            var sent = lifecycle.Apply(directive, _simulation.Clock.Now);
            var left = sent.Count;
            void Answered()
            {
                if (--left <= 0 && lifecycle.Status() is { } status)
                    _simulation.Network.Send("grid to replica, answer", () => Handle(new GridEvent.ReplicaReported(status)));
            }

            foreach (var shard in sent) Send(lifecycle, shard, Answered);
            if (sent.Count == 0) Answered();
        });
    }

    private void Send(ReplicaLifecycle lifecycle, ShardDirective sent, Action answered)
    {
        var node = _simulation.Process(sent.Plan.Shards.First(s => s.Shard == sent.Shard).Incarnation);
        void Refuse()
        {
            lifecycle.Refuse(sent, "no answer", _simulation.Clock.Now);
            answered();
        }

        _simulation.Network.Call("replica to shard", () => node is { Alive: true } ? (true, node.Apply(sent)) : (false, null), answer =>
        {
            if (answer.Item1) lifecycle.Answer(sent, answer.Item2);
            else lifecycle.Refuse(sent, "gone", _simulation.Clock.Now);
            answered();
        }, Refuse);
    }
}
