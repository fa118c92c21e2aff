using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Engine;

/// <summary>When and how expert shards are balanced; the names and defaults are those of vLLM's EPLB configuration.</summary>
public sealed record EplbOptions
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Steps whose loads count, at least 1.</summary>
    public int WindowSize { get; init; } = 1000;

    /// <summary>Steps between two looks, at least 1.</summary>
    public int StepInterval { get; init; } = 3000;

    /// <summary>Copies beside one of each expert.</summary>
    public int NumRedundantExperts { get; init; }

    /// <summary>Reads <c>--eplb-config</c>.</summary>
    /// <exception cref="FormatException">It is no JSON object of these keys, or a number is out of range.</exception>
    public static EplbOptions Parse(string json)
    {
        try
        {
            var options = JsonSerializer.Deserialize<EplbOptions>(json, Form) ?? new EplbOptions();
            if (options.StepInterval < 1) throw new FormatException($"step_interval must be at least 1 and is {options.StepInterval}.");
            return options.WindowSize >= 1 ? options : throw new FormatException($"window_size must be at least 1 and is {options.WindowSize}.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"It must be a JSON object of window_size, step_interval and num_redundant_experts: {exception.Message}", exception);
        }
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Form);
}
