using Grid.Cli.CommandLine;
using Grid.Engine;

namespace Grid.Cli.Options;

/// <summary>Reads <c>--eplb-config</c>.</summary>
internal static class EplbConfig
{
    /// <exception cref="CommandException">It is none.</exception>
    public static EplbOptions Read(string? json)
    {
        try
        {
            return json is null ? new EplbOptions() : EplbOptions.Parse(json);
        }
        catch (FormatException exception)
        {
            throw new CommandException($"--eplb-config '{json}' given. {exception.Message}");
        }
    }
}
