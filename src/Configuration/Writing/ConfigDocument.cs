using System.Text.Json.Nodes;
using Grid.Abstractions.Configuration;
using Grid.Configuration.Reading;
using Grid.Primitives.Options;
using Grid.Primitives.Units;

namespace Grid.Configuration.Writing;

/// <summary>A configuration as a document with every default written out: the parser reads the same configuration from it.</summary>
public static class ConfigDocument
{
    /// <summary>The document.</summary>
    public static JsonObject Of(GridConfig config) => new()
    {
        ["apiVersion"] = GridConfigParser.ApiVersion,
        ["kind"] = GridConfigParser.Kind,
        ["metadata"] = new JsonObject { ["name"] = config.Name },
        ["gateway"] = Gateway(config.Gateway),
        ["models"] = new JsonArray([.. config.Models.Select(Of)]),
    };

    /// <summary>One entry of models:.</summary>
    public static JsonObject Of(ModelSpec model)
    {
        var json = new JsonObject { ["name"] = model.Name, ["source"] = model.Source };
        if (model.Autoscale is { } autoscale) json["autoscale"] = Autoscale(autoscale);
        else json["replicas"] = model.Replicas;
        json["minAvailable"] = model.MinAvailable;
        json["maxSurge"] = model.MaxSurge;
        json["drainTimeout"] = Duration.Format(model.DrainTimeout);
        json["parallelism"] = model.Parallelism is { Auto: false } parallelism ? Parallelism(parallelism) : "auto";
        if (Engine(model) is { Count: > 0 } engine) json["engine"] = engine;
        json["placement"] = Placement(model.Placement ?? new PlacementSpec());
        if (model.Sim is not null || SimulatedModel.Is(model.Source)) json["sim"] = Sim(model.Sim ?? new SimSpec());
        return json;
    }

    private static JsonObject Gateway(GatewaySpec gateway)
    {
        var (queue, resume) = (gateway.Queue ?? QueueSpec.Default, gateway.Resume ?? ResumeSpec.Default);
        return new JsonObject
        {
            ["routing"] = gateway.Routing,
            ["queue"] = new JsonObject { ["maxRequests"] = queue.MaxRequests, ["maxWait"] = Duration.Format(queue.MaxWait) },
            ["resume"] = new JsonObject
            {
                ["mode"] = resume.Mode.ToString().ToLowerInvariant(),
                ["maxAttempts"] = resume.MaxAttempts,
                ["stallTimeout"] = Duration.Format(resume.StallTimeout),
            },
        };
    }

    private static JsonObject Autoscale(AutoscaleSpec spec)
    {
        var json =
            new JsonObject { ["min"] = spec.Min, ["max"] = spec.Max, ["queuedTokens"] = spec.QueuedTokens, ["kvUsage"] = spec.KVUsage };
        if (spec.Ttft is { } ttft) json["ttft"] = Duration.Format(ttft);
        json["upWindow"] = Duration.Format(spec.UpWindow);
        json["downWindow"] = Duration.Format(spec.DownWindow);
        json["idle"] = Duration.Format(spec.Idle);
        json["activationTimeout"] = Duration.Format(spec.ActivationTimeout);
        return json;
    }

    private static JsonObject Parallelism(ParallelismSpec spec)
    {
        var json =
            new JsonObject { ["tensor"] = spec.Tensor, ["pipeline"] = spec.Pipeline, ["data"] = spec.Data, ["expert"] = spec.Expert };
        if (spec.PipelineLayers is { } layers) json["pipelineLayers"] = new JsonArray([.. layers.Select(count => (JsonNode)count)]);
        json["backend"] = EngineChoices.Backends.NameOf(spec.Backend);
        return json;
    }

    private static JsonObject Engine(ModelSpec model)
    {
        var json = new JsonObject();
        if (model.Aliases is { Length: > 0 } aliases)
            json[EngineReader.ServedModelName] = new JsonArray([.. aliases.Prepend(model.Name).Select(name => (JsonNode)name)]);
        foreach (var (key, text) in (model.Engine ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json[key] =
                EngineOptionTable.Find(key)?.Form is OptionForm.Switch or OptionForm.Integer or OptionForm.Number or OptionForm.Length
                ? JsonNode.Parse(text) : text;
        return json;
    }

    private static JsonObject Placement(PlacementSpec spec)
    {
        var json = new JsonObject();
        if (spec.NodeSelector is { Count: > 0 } selector)
            json["nodeSelector"] = new JsonObject(
                selector.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        json["spread"] = spec.Spread;
        json["priority"] = spec.Priority;
        return json;
    }

    private static JsonObject Sim(SimSpec spec) => new()
    {
        ["weights"] = ByteSize.ToText(spec.WeightsBytes),
        ["load"] = Duration.Format(TimeSpan.FromSeconds(spec.LoadSeconds)),
        ["prefillTokensPerSecond"] = spec.PrefillTokensPerSecond,
        ["step"] = Duration.Format(TimeSpan.FromMilliseconds(spec.StepMilliseconds)),
        ["stepPerSequence"] = Duration.Format(TimeSpan.FromMilliseconds(spec.StepPerSequenceMilliseconds)),
        ["kvTokens"] = spec.KVTokens,
        ["maxModelLen"] = spec.MaxModelLen,
        ["vocab"] = spec.Vocab,
    };
}
