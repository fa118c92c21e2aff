using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Cli.CommandLine;
using Grid.Engine;

namespace Grid.Cli.Options;

/// <summary>Reads <c>--eplb-config</c>, in vLLM's names.</summary>
internal static class EplbConfig
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="CommandException">It is no JSON object of these keys.</exception>
    public static EplbOptions Read(string? json)
    {
        if (json is null) return new EplbOptions();
        try
        {
            var options = JsonSerializer.Deserialize<EplbOptions>(json, Form) ?? new EplbOptions();
            if (options.StepInterval < 1) throw new CommandException($"step_interval of --eplb-config must be at least 1 and is {options.StepInterval}.");
            if (options.WindowSize < 1) throw new CommandException($"window_size of --eplb-config must be at least 1 and is {options.WindowSize}.");
            return options;
        }
        catch (JsonException exception)
        {
            throw new CommandException($"--eplb-config must be a JSON object of window_size, step_interval and num_redundant_experts, '{json}' given: {exception.Message}");
        }
    }
}
