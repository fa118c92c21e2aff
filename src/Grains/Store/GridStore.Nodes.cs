using Grid.Abstractions.Nodes;
using Grid.Abstractions.Operations;
using Grid.Abstractions.Routing;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

// Nodes, gateways, cordons and operations.
internal sealed partial class GridStore
{
    private const int EndedOperationsKept = 50;

    public NodeRecord AddNode(string name)
    {
        if (!_nodes.TryGetValue(name, out var node)) _nodes.Add(name, node = new NodeRecord(name));
        return node;
    }

    public void RemoveNode(string name) => _nodes.Remove(name);

    /// <summary>Takes a node's report in. A process that is new here may have room for what has none.</summary>
    public void AcceptReport(NodeRecord node, NodeReport report)
    {
        var before = node.Report;
        node.Accept(report, Now);
        if (before is null || !SameFiles(before.Files, report.Files)) _changes.MarkFiles();
        if (before?.Incarnation != report.Incarnation) ReviewUnplaced();
        UpdateAdmission(node);
    }

    /// <summary>The cluster's membership says something else of a node: it decides which ranks are routed to.</summary>
    public void SetMembership(NodeRecord node, NodeMembership membership)
    {
        node.Membership = membership;
        _changes.MarkTable();
    }

    /// <summary>Takes a gateway's report in.</summary>
    public void AcceptReport(GatewayReport report) => _gateways[report.Name] = new GatewayRecord(report, Now);

    /// <summary>Forgets gateways that have not reported for long.</summary>
    public void RemoveSilentGateways()
    {
        foreach (var (name, gateway) in _gateways.ToArray())
            if (Now - gateway.LastSeen > GridTimes.GatewayRetention) _gateways.Remove(name);
    }

    /// <summary>A node's reports are late.</summary>
    public void SetLate(NodeRecord node)
    {
        node.Late = true;
        UpdateAdmission(node);
    }

    /// <summary>Cordons a node.</summary>
    /// <returns>Whether it was not.</returns>
    public bool Cordon(string node, CordonRecord cordon)
    {
        var added = _state.Cordons.TryAdd(node, cordon);
        ChangeAdmission(node);
        return added;
    }

    /// <summary>Uncordons a node.</summary>
    /// <returns>Whether it was cordoned.</returns>
    public bool Uncordon(string node)
    {
        var removed = _state.Cordons.Remove(node);
        ChangeAdmission(node);
        return removed;
    }

    /// <summary>A drain of a cordoned node has ended: it is empty.</summary>
    public void SetDrained(string node)
    {
        if (!_state.Cordons.TryGetValue(node, out var cordon)) return;
        _state.Cordons[node] = cordon with { Drained = true };
        _changes.MarkState();
    }

    /// <summary>Decides again whether nodes take shards, after the state was loaded.</summary>
    public void UpdateAdmission()
    {
        foreach (var node in _nodes.Values) UpdateAdmission(node);
    }

    public OperationRecord AddOperation(Func<string, OperationRecord> create)
    {
        var operation = create($"op-{++_state.LastOperation}");
        _state.Operations.Add(operation);
        var ended = _state.Operations.Count(o => !o.IsOpen) - EndedOperationsKept;
        if (ended > 0) _state.Operations.RemoveAll(o => !o.IsOpen && ended-- > 0);
        Changed(operation);
        return operation;
    }

    public void ReplaceOperation(OperationRecord before, OperationRecord after)
    {
        _state.Operations[_state.Operations.FindIndex(o => o.Id == before.Id)] = after;
        Changed(after);
    }

    private void Changed(OperationRecord operation)
    {
        _changes.MarkState();
        if (operation.Kind == OperationKind.Drain) ReviewOn(operation.Target);
    }

    private void ChangeAdmission(string name)
    {
        if (_nodes.TryGetValue(name, out var node)) UpdateAdmission(node);
        _changes.MarkState();
        _changes.MarkTable();
        ReviewOn(name);
        ReviewUnplaced();
    }

    private void UpdateAdmission(NodeRecord node) => node.Closed =
        node.Report is not { } report ? "not reported yet"
        : !report.Facts.Roles.Contains("silo") ? "without a silo"
        : node.Late ? "not ready"
        : report.Leaving ? "leaving"
        : _state.Cordons.ContainsKey(node.Name) ? "cordoned"
        : null;

    private void ReviewOn(string node)
    {
        foreach (var epoch in PlansOn(node)) _changes.MarkModel(_state.Plans[epoch].Plan.Model);
    }

    private void ReviewUnplaced()
    {
        foreach (var model in _models.Values)
            if (model.Unplaced) _changes.MarkModel(model.Name);
    }

    private static bool SameFiles(ModelFiles[] left, ModelFiles[] right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a.Checksum != b.Checksum || a.Source != b.Source || a.Error != b.Error || a.Profile != b.Profile) return false;
        }

        return true;
    }
}
