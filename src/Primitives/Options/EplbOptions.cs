using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Options;

/// <summary>When and how expert shards are balanced; the names and defaults are those of vLLM's EPLB configuration.</summary>
public sealed record EplbOptions
{
    private const string Rule =
        "a JSON object of window_size (at least 1), step_interval (at least 1) and num_redundant_experts (at least 0)";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The type of <c>--eplb-config</c>.</summary>
    internal static OptionType<EplbOptions> Type { get; } = new(OptionForm.Json, Rule, "JSON", TryParse, options => options.ToString());

    /// <summary>Number of recent steps whose expert loads count, at least 1.</summary>
    public int WindowSize { get; init; } = 1000;

    /// <summary>Number of steps between two rebalancings, at least 1.</summary>
    public int StepInterval { get; init; } = 3000;

    /// <summary>Number of further copies of experts over all shards.</summary>
    public int NumRedundantExperts { get; init; }

    /// <summary>Reads <c>--eplb-config</c>; false where it is no JSON object of these keys, or a number is out of range.</summary>
    public static bool TryParse(string json, out EplbOptions options)
    {
        options = new EplbOptions();
        try
        {
            if (JsonSerializer.Deserialize<EplbOptions>(json, Form) is not { } read) return false;
            options = read;
            return read is { StepInterval: >= 1, WindowSize: >= 1, NumRedundantExperts: >= 0 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Form);
}
