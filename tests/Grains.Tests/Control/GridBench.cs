using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Models;
using Grid.Grains.Records;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Control;

/// <summary>A controller whose decisions are carried out at once, over nodes that load and unload in no time.</summary>
internal sealed class GridBench
{
    private readonly SortedDictionary<string, BenchNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelScaler> _models = [];
    private readonly Dictionary<ReplicaId, ReplicaLifecycle> _replicas = [];
    private long _membership;

    /// <summary>Seconds after which a directive without an answer has been sent again.</summary>
    public static int ResendSeconds { get; } = (int)Math.Ceiling(GridTimes.ResendInterval.TotalSeconds) + 1;

    /// <summary>Two replicas of 5 GiB, which may move one at a time.</summary>
    public static ModelSpec TwoReplicas { get; } =
        new("m", "sim", 2, null, 1, 1, TimeSpan.FromSeconds(30), Sim: new SimSpec(WeightsBytes: 5L << 30));

    public GridBench() => Controller = new GridController(new GridState { Incarnation = "bench" }, Now);

    public DateTimeOffset Now { get; private set; } = Plans.Now;

    public GridController Controller { get; private set; }

    public GridState? Stored { get; private set; }

    /// <summary>Replicas' grains answer nobody: their silo is gone, and not declared dead yet.</summary>
    public bool ReplicasAway { get; set; }

    public bool StoreAway { get; set; }

    public bool Loads { get; set; } = true;

    public GridDecision.Answer? Answered { get; private set; }

    public ModelView Model(string name = "m") => Controller.GetStatus("redis").Models.Single(m => m.Name == name);

    public NodeView Node(string name) => Controller.GetNodes().Single(n => n.Name == name);

    public OperationView Operation(string id) => Controller.Operations.Single(o => o.Id == id);

    /// <summary>Membership tells only of these nodes, and only they report.</summary>
    public string[]? Members { get; set; }

    public void Join(string name, int devices = 1, string[]? roles = null)
    {
        _nodes[name] = new BenchNode(
            Plans.Report(name, devices: devices, generation: _nodes.TryGetValue(name, out var old) ? old.Generation + 1 : 1), roles);
        _membership++;
    }

    /// <summary>Nodes join, the model is configured, and everything settles.</summary>
    public void Start(ModelSpec spec, params string[] nodes)
    {
        foreach (var node in nodes) Join(node);
        Apply(spec);
        Run();
    }

    /// <summary>A drain that is accepted.</summary>
    public OperationView Drain(string node, int? timeout = null, bool force = false)
    {
        var answer = Ask(new GridEvent.DrainAsked(node, new DrainRequest(timeout, force, false), "admin"));
        Assert.Null(answer.Fault);
        return (OperationView)answer.Value!;
    }

    public BenchNode At(string name) => _nodes[name];

    /// <summary>Reports at once, between two seconds.</summary>
    public void Report(string name) => Handle(new GridEvent.NodeReported(At(name).Report(Loads)));

    public void Die(string name)
    {
        _nodes.Remove(name);
        _membership++;
    }

    /// <summary>The silo is declared dead and starts anew inside its process, which keeps its shards.</summary>
    public void Readdress(string name)
    {
        _nodes[name].Silent = true;
        _nodes[name].Address += "+";
        _membership++;
        Run(2);
        _nodes[name].Silent = false;
        Run();
    }

    public void Restart(GridState state, int seconds = 8)
    {
        Controller = new GridController(state, Now);
        Run(seconds);
    }

    public GridDecision.Answer Ask(GridEvent e)
    {
        Answered = null;
        Handle(e);
        return Answered!;
    }

    public void Apply(params ModelSpec[] models) =>
        Ask(new GridEvent.ConfigApplied(new GridConfig("bench", new GatewaySpec(), models),
        string.Join(',', models.Select(m => m.ToString())) + Now, null, "admin"));

    /// <summary>Seconds go by: reports, membership, ticks.</summary>
    public void Run(int seconds = 8)
    {
        for (var second = 0; second < seconds; second++)
        {
            Now = Now.AddSeconds(1);
            Handle(new GridEvent.MembershipRead(_membership,
                [.. _nodes.Values.Where(IsMember).Select(n => new MemberSilo(n.Name, n.Address, true))]));
            foreach (var node in _nodes.Values.Where(n => !n.Silent && IsMember(n))) Handle(new GridEvent.NodeReported(node.Report(Loads)));
            Handle(new GridEvent.Tick());
        }
    }

    private bool IsMember(BenchNode node) => Members is null || Members.Contains(node.Name);

    private void Handle(GridEvent e)
    {
        foreach (var decision in Controller.Handle(e, Now))
        {
            if (decision is GridDecision.Persist(var state))
            {
                if (StoreAway)
                {
                    Handle(new GridEvent.PersistFailed("away"));
                    return;
                }

                Stored = state;
            }
            else if (decision is GridDecision.ObserveLoad(var observation))
            {
                if (!_models.TryGetValue(observation.Model, out var model)) _models.Add(observation.Model, model = new ModelScaler());
                Handle(new GridEvent.ScaleRecommended(model.Observe(observation, Now)));
            }
            else if (decision is GridDecision.DirectReplica(var directive)) Direct(directive);
            else if (decision is GridDecision.Answer answer) Answered = answer;
        }
    }

    private void Direct(ReplicaDirective directive)
    {
        if (ReplicasAway) return;
        if (!_replicas.TryGetValue(directive.Replica, out var replica)) _replicas.Add(directive.Replica, replica = new ReplicaLifecycle());
        foreach (var sent in replica.Apply(directive, Now))
        {
            var place = sent.Plan.Shards.First(s => s.Shard == sent.Shard);
            if (_nodes.TryGetValue(place.Node, out var node))
                replica.Answer(sent, place.Incarnation == node.Incarnation ? node.Apply(sent) : null);
            else replica.Refuse(sent, "gone", Now);
        }

        Handle(new GridEvent.ReplicaReported(replica.Status()!));
    }
}
