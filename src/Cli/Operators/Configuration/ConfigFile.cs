using System.CommandLine;
using Grid.Abstractions.Configuration;
using Grid.Cli.CommandLine;
using Grid.Configuration.Reading;
using Grid.Primitives.Units;

namespace Grid.Cli.Operators.Configuration;

/// <summary>A grid.yaml that a verb was given, checked before it is sent.</summary>
/// <param name="Text">The text as it is.</param>
/// <param name="Name">The name in error messages.</param>
/// <param name="Folder">Absolute; relative paths start there.</param>
/// <param name="Config">The parsed content.</param>
internal sealed record ConfigFile(string Text, string Name, string Folder, GridConfig Config)
{
    public static Option<string> Flag()
    {
        var flag = new Option<string>("--filename", "-f") { HelpName = "FILE", Description = "grid.yaml, or - for stdin", Required = true };
        return flag;
    }

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="CommandException">It cannot be read, or has faults, which are all reported (2).</exception>
    public static async Task<ConfigFile> ReadAsync(string path, CancellationToken cancellation)
    {
        var (text, name, folder) = ("", "stdin", Environment.CurrentDirectory);
        try
        {
            if (path != "-") (name, folder) = (Path.GetFileName(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
            text = path == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {fault.Message}", inner: fault);
        }

        var parsed = GridConfigParser.Parse(text, name, folder);
        if (parsed.Config is null)
            throw new CommandException(
                string.Join(Environment.NewLine,
                parsed.Faults.Select(fault => fault.ToString()).Prepend($"{path} has {Plural.Count(parsed.Faults.Length, "error")}:")));
        return new ConfigFile(text, name, folder, parsed.Config);
    }
}
