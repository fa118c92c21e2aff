using System.Globalization;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Operators.Waiting;

/// <summary>What <c>grid wait --for</c> waits for: <c>nodes=N</c>, <c>model=M:STATE</c> or <c>node=N:STATE</c>.</summary>
internal sealed class WaitCondition
{
    /// <summary>What a condition looks like.</summary>
    public const string Rule =
        "nodes=N, model=NAME:STATE (Ready, Progressing, Degraded, ScaledToZero, Failed) or node=NAME:STATE (Ready, Drained, Dead, ...)";

    private readonly string _kind;
    private readonly string _name;
    private readonly string _state;

    private WaitCondition(string kind, string name, string state) => (_kind, _name, _state) = (kind, name, state);

    /// <summary>Reads a condition.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static WaitCondition Parse(string text)
    {
        var fault = new CommandException($"--for must be {Rule}; got '{text}'.");
        if (text.Split('=', 2) is not [var kind, { Length: > 0 } value]) throw fault;
        if (kind == "nodes")
            return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? new WaitCondition(kind, value, "")
                : throw fault;
        if (kind is not ("node" or "model") || value.LastIndexOf(':') is not (> 0 and var colon)) throw fault;
        var state = (kind == "node" ? Enum.GetNames<NodeState>() : Enum.GetNames<ModelState>()).FirstOrDefault(
            known => known.Equals(value[(colon + 1)..], StringComparison.OrdinalIgnoreCase));
        return new WaitCondition(kind, value[..colon], state ?? throw fault);
    }

    /// <summary>Whether it holds, and what is now.</summary>
    public (bool Met, string Now) Judge(GridStatus status, NodeView[] nodes)
    {
        switch (_kind)
        {
            case "nodes":
                return (status.Nodes.Total == int.Parse(_name, CultureInfo.InvariantCulture), $"nodes={status.Nodes.Total}");
            case "node":
                var node = nodes.FirstOrDefault(candidate => candidate.Name == _name);
                return (node?.State.ToString() == _state, $"node={_name}:{node?.State.ToString() ?? "(none)"}");
            default:
                var model = status.Models.FirstOrDefault(candidate => candidate.Name == _name);
                return (model?.State == _state,
                    $"model={_name}:{model?.State ?? "(none)"}{(model is null ? "" : $", {model.Ready} of {model.Desired} "
                    + "ready")}{(model?.Message is { } why ? $" ({why})" : "")}");
        }
    }
}
