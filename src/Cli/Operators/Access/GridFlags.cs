using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;

namespace Grid.Cli.Operators.Access;

/// <summary>Flags that say which grid a verb talks to.</summary>
internal sealed class GridFlags
{
    /// <summary>What the environment has to say, for the help.</summary>
    public static readonly (string Name, string Meaning)[] Variables =
    [
        ("GRID_SERVER", "admin endpoint, if neither --server nor --data-dir is given"),
        ("GRID_ADMIN_KEY", "admin key, if --key-file is not given"),
        ("GRID_DATA_DIR", "data folder of a local process, if nothing else is given"),
    ];

    private readonly Option<string?> _server = Flags.Text("--server", "URL",
        "Admin endpoint of the grid, such as http://127.0.0.1:8001 [default: GRID_SERVER, else the one in the data folder]");
    private readonly Option<string?> _keyFile =
        Flags.Text("--key-file", "FILE", "File with the admin key [default: GRID_ADMIN_KEY, else admin.key in the data folder]");
    private readonly Option<string?> _dataDir = Flags.Text("--data-dir", "FOLDER",
        "Data folder of a process of the grid [default: GRID_DATA_DIR, else the platform's data folder + grid]");

    public IEnumerable<Option> Options => [_server, _keyFile, _dataDir];

    /// <summary>Where the grid answers.</summary>
    /// <exception cref="CommandException">No grid is named (3), the key is missing (4), or a value is none (2).</exception>
    public GridAccess Find(ParseResult result, Func<string, string?> variable)
    {
        var folder = result.GetValue(_dataDir);
        return GridAccess.Find(result.GetValue(_server), result.GetValue(_keyFile), folder, ServerFlags.ReadDataFolder(folder, variable),
            variable);
    }
}
