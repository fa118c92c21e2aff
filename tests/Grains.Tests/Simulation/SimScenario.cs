using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Grains.Control;

namespace Grid.Grains.Tests.Simulation;

/// <summary>The trouble: kills, joins, drains, scaling, edits, outages, doubled activations, and requests all the while.</summary>
internal sealed class SimScenario(GridSimulation simulation, SimOptions options, Random random)
{
    private readonly List<ModelSpec> _models = [];
    private int _version;
    private int _joined;

    public bool Stopped { get; set; }

    public void Start()
    {
        for (var i = 0; i < options.Models; i++) _models.Add(Draw($"m{i:00}"));
        Apply();
        simulation.Clock.Every(Math.Max(1, 1000 / options.RequestsPerSecond), 3000, () =>
        {
            if (!Stopped) simulation.Gateway.Request(_models[random.Next(_models.Count)].Name);
            return !Stopped;
        });
        Next();
    }

    private void Next() => simulation.Clock.After(random.Next(options.MeanPause * 2), () =>
    {
        if (Stopped) return;
        Trouble();
        Next();
    });

    private void Trouble()
    {
        switch (random.Next(15))
        {
            case 0 or 1: Kill(); break;
            case 2: simulation.Join($"node-x{_joined++:000}"); break;
            case 3 or 4: Drain(); break;
            case 5: Uncordon(); break;
            case 6: Admin(new GridEvent.ModelScaled(Any().Name, random.Next(1, 5), "admin")); break;
            case 7 or 8: Edit(); break;
            case 9: StoreAway(); break;
            case 10: simulation.StartShellLater(); break;
            case 11: Restart(); break;
            case 12: Leave(); break;
            case 13: Cut(); break;
            default: Admin(new GridEvent.NodeCordoned(Node().Name, true, "admin")); break;
        }
    }

    private void Kill()
    {
        if (simulation.Nodes.Count(n => n.Alive) <= options.Nodes * 3 / 4) return;
        var node = Node();
        if (!node.Alive) return;
        node.Kill();
        simulation.Clock.After(random.Next(500, 4000), () =>
        {
            if (!node.DeclaredDead) simulation.DeclareDead(node);
        });
        if (random.Next(3) > 0) Return(node);
    }

    private void Leave()
    {
        if (simulation.Nodes.Count(n => n.Alive) <= options.Nodes * 3 / 4) return;
        var node = Node();
        if (!node.Alive || node.LeaveBy is not null) return;
        node.Leave(TimeSpan.FromSeconds(random.Next(3, 20)));
        Return(node);
    }

    private void Return(SimNode node) => simulation.Clock.After(random.Next(3000, 25000), () =>
    {
        if (simulation.Live(node.Name) == node) simulation.Join(node.Name);
    });

    private void Drain()
    {
        var node = Node();
        if (node.LeaveBy is not null) return;
        Admin(new GridEvent.DrainAsked(node.Name,
            new DrainRequest(random.Next(2) == 0 ? null : random.Next(1, 15), random.Next(6) == 0, false), "admin"));
        if (random.Next(3) > 0)
            simulation.Clock.After(random.Next(1000, 30000), () => Admin(new GridEvent.NodeCordoned(node.Name, false, "admin")));
    }

    private void Uncordon()
    {
        foreach (var shell in simulation.Shells.Where(s => s.Alive).Take(1).ToArray())
            if (shell.Controller.Store.Cordons.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } name)
                Admin(new GridEvent.NodeCordoned(name, false, "admin"));
    }

    private void Edit()
    {
        var index = random.Next(_models.Count);
        var spec = _models[index];
        _models[index] = random.Next(3) switch
        {
            0 => Draw(spec.Name),
            1 => spec with { Engine = new() { ["seed"] = $"{_version}" } },
            _ when spec.Parallelism is { Expert: > 1 } sizes => spec with { Parallelism = sizes with { Data = random.Next(1, 4) } },
            _ when spec.Replicas is not null => spec with { Replicas = random.Next(2, 5) },
            _ => spec,
        };
        if (random.Next(4) == 0)
        {
            var name = _models[index].Name;
            Admin(new GridEvent.ModelDeleted(name, "admin"));
            _models[index] = Draw(name);
        }

        Apply();
    }

    private void Cut()
    {
        var asked = simulation.Nodes.Where(n => n.Alive).SelectMany(n => n.Experts.Asked.Select(a => (Node: n, a.Plan, a.Place))).ToArray();
        if (asked.Length == 0) return;
        var (node, plan, place) = asked[random.Next(asked.Length)];
        node.Experts.Cut(plan, place);
    }

    private void StoreAway()
    {
        simulation.Store.Away = true;
        simulation.Clock.After(random.Next(1000, 8000), () => simulation.Store.Away = false);
    }

    private void Restart()
    {
        foreach (var shell in simulation.Shells.Where(s => s.Alive).Take(1)) shell.Alive = false;
    }

    private void Apply()
    {
        var config = new GridConfig("sim", new GatewaySpec(), [.. _models]);
        var text = $"version {_version++}";
        simulation.Clock.Every(500, 1,
            () => !Admin(new GridEvent.ConfigApplied(config, text, null, "admin")) && text == $"version {_version - 1}");
    }

    private bool Admin(GridEvent e)
    {
        if (simulation.Store.Away || simulation.Shells.LastOrDefault(s => s.Alive) is not { } shell) return false;
        shell.Handle(e);
        return shell.Alive && !simulation.Store.Away;
    }

    private ModelSpec Draw(string name)
    {
        var surge = random.Next(2);
        var replicas = random.Next(2, 5);
        var autoscale = surge == 1 && random.Next(4) == 0
            ? new AutoscaleSpec(random.Next(2), 4, 4096, 0.8, null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10),
            TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2))
            : null;
        var parallelism = random.Next(3) switch
        {
            0 => new ParallelismSpec(false, Tensor: 2),
            1 => new ParallelismSpec(false, Data: random.Next(1, 4), Expert: 2),
            _ => null,
        };
        if (parallelism is { Expert: > 1 }) replicas = random.Next(1, 3);
        return new ModelSpec(
            name, random.Next(2) == 0 ? "sim" : simulation.Sources[random.Next(2)], autoscale is null ? replicas : null, autoscale,
            autoscale is null ? replicas - 1 : autoscale.Min, surge, TimeSpan.FromSeconds(random.Next(2, 15)), parallelism,
            Placement: new PlacementSpec(null, "node", random.Next(3)));
    }

    private ModelSpec Any() => _models[random.Next(_models.Count)];

    private SimNode Node()
    {
        var nodes = simulation.Nodes.ToArray();
        return nodes[random.Next(nodes.Length)];
    }
}
