using Grid.Abstractions.Admin;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Replicas;
using Grid.Grains.Store;

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
                case GridDecision.AskModel(var observation):
                    _simulation.Network.Call(() => _simulation.Model(observation.Model).Reconcile(observation, _simulation.Clock.Now), wish => Handle(new GridEvent.ModelWished(wish)));
                    break;
                case GridDecision.DirectReplica(var directive):
                    _simulation.Invariants.Directed(this, directive);
                    Direct(directive);
                    break;
                case GridDecision.DirectShard(var node, var directive):
                    if (_simulation.Process(directive.Plan.Shards.First(s => s.Shard == directive.Shard).Incarnation) is { } live) _simulation.Network.Call(() => live.Alive ? live.Apply(directive) : null, held => Handle(new GridEvent.ShardAnswered(node, directive, held)));
                    break;
                case GridDecision.Publish(var table):
                    _simulation.Invariants.Offered(table);
                    _simulation.Network.Send(() => _simulation.Gateway.Take(table));
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
        var lifecycle = _simulation.Replica(directive.Plan.Id);
        _simulation.Network.Send(() =>
        {
            foreach (var sent in lifecycle.Apply(directive, _simulation.Clock.Now)) Send(lifecycle, sent);
            Tell(lifecycle);
        });
    }

    private void Send(ReplicaLifecycle lifecycle, ShardDirective sent)
    {
        var place = sent.Plan.Shards.First(s => s.Shard == sent.Shard);
        var node = _simulation.Process(place.Incarnation);
        void Refuse()
        {
            lifecycle.Refuse(sent, "no answer", _simulation.Clock.Now);
            Tell(lifecycle);
        }

        if (node is not { Alive: true })
        {
            _simulation.Clock.After(100, Refuse);
            return;
        }

        _simulation.Network.Call(() => node.Alive ? (true, node.Apply(sent)) : (false, null), answer =>
        {
            if (answer.Item1) lifecycle.Answer(sent, answer.Item2);
            else lifecycle.Refuse(sent, "gone", _simulation.Clock.Now);
            Tell(lifecycle);
        }, Refuse);
    }

    private void Tell(ReplicaLifecycle lifecycle)
    {
        if (lifecycle.Status() is { } status) _simulation.Network.Send(() => Handle(new GridEvent.ReplicaReported(status)));
    }
}
