using System.CommandLine;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Abstractions.Configuration;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Models;
using Grid.Cli.Operators.Output;
using Grid.Cli.Options;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;

namespace Grid.Cli.Serve;

/// <summary><c>grid serve MODEL</c> where a grid is running already: the model goes there, and nothing is started here.</summary>
/// <param name="model">The model as typed; null for the embedded guide.</param>
/// <param name="servedNames">--served-model-name; empty: the model as typed.</param>
/// <param name="engineKeys">The keys of the engine section, as grid.yaml has them.</param>
internal sealed class Deployment(ParseResult result, string? model, IReadOnlyList<string> servedNames, JsonObject engineKeys)
{
    /// <summary>The running grid that the command line names, or that the data folder belongs to; null if there is none.</summary>
    /// <exception cref="CommandException">It is named, but its key is missing (4).</exception>
    public static GridAccess? FindGrid(ParseResult result, ServerFlags server, Func<string, string?> variable)
    {
        var folder = server.DataFolder(result, variable);
        return server.Server(result) is { } address
            ? GridAccess.Find(address, server.KeyFile(result), null, folder, variable)
            : OwnerOf(folder);
    }

    /// <summary>Deploys and waits until it is Ready; prints <c>grid: deployed model=NAME</c>.</summary>
    /// <returns>0 if it is Ready, 1 if it has Failed, 6 if it does not fit (it stays desired), or the code of the grid's refusal.</returns>
    public async Task<int> RunAsync(GridAccess access, Interruption interruption)
    {
        var spec = Specification();
        using var call = new OperatorCall(result, () => access, OutputForm.Table, watch: false, interruption.Token);
        return await AdminCalls.AskAsync(() => access.Server, async () =>
        {
            var operation = await call.Client.DeployAsync(spec.Name, ConfigDocument.Of(spec).ToJsonString(), call.Cancellation);
            var code = await new ModelWait(call, spec.Name).ReadyAsync(operation.Value.Id, null, ExitCodes.Refused);
            if (code != ExitCodes.Done) return code;
            result.InvocationConfiguration.Output.WriteLine($"grid: deployed model={spec.Name}");
            return code;
        });
    }

    /// <summary>The entry of models: that the line asks for.</summary>
    /// <exception cref="CommandException">A flag that a deployed model cannot have (2).</exception>
    internal ModelSpec Specification()
    {
        var typed = model ?? EmbeddedModel.Name;
        var name = servedNames.Count > 0 ? servedNames[0] : typed;
        var engine = engineKeys.DeepClone().AsObject();
        engine["servedModelName"] = new JsonArray([.. servedNames.Skip(1).Prepend(name).Distinct().Select(alias => (JsonNode)alias)]);
        var entry = new JsonObject { ["name"] = name, ["source"] = EmbeddedModel.Resolve(model), ["replicas"] = 1, ["engine"] = engine };
        var (spec, faults) = GridConfigParser.ParseModel(entry.ToJsonString(), "the model", Environment.CurrentDirectory);
        return spec
            ?? throw new CommandException(string.Join(Environment.NewLine, faults.Select(fault => $"{fault.Path}: {fault.Message}")));
    }

    private static GridAccess? OwnerOf(string dataFolder)
    {
        if (!File.Exists(Path.Combine(dataFolder, "endpoints.json"))) return null;
        var endpoints = GridAccess.Endpoints(dataFolder);
        return endpoints.Admin.Length > 0 && IsAlive(endpoints.Pid) ? GridAccess.Find(null, null, dataFolder, dataFolder, _ => null) : null;
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
