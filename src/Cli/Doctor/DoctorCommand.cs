using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Output;

namespace Grid.Cli.Doctor;

/// <summary><c>grid doctor [env|model|net]</c>: what would be in the way of serving here.</summary>
internal static class DoctorCommand
{
    private static readonly string[] Topics = ["env", "model", "net"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var topic = new Argument<string?>("TOPIC")
        {
            Arity = ArgumentArity.ZeroOrOne, HelpName = "env|model|net",
            Description = "This machine, a model's files, or a running grid [default: env and net]"
        };
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Folder, GGUF file, ORG/NAME or guide [default of doctor model: guide]"
        };
        var revision = Flags.Text("--revision", "NAME", "Branch, tag or commit of a model of the hub [default: main]");
        var log = Flags.Text("--nccl-log", "FILE", "Log of a run with NCCL_DEBUG=INFO or TRACE, to show how its ranks are connected");
        var grid = new GridFlags();
        var output = new OutputFlags(watchable: false);
        topic.CompletionSources.Add(Topics);
        var verb = new Verb("doctor", "Check this machine, the files of a model and the connection to a running grid")
        {
            Examples =
            [
                ("grid doctor", "check this machine and the grid that runs on it"),
                ("grid doctor model ./llama-8b", "check config, tokenizer, weights and checksums"),
                ("grid doctor net --nccl-log nccl.log", "show how ranks are connected: GPUDirect RDMA, sockets or peers"),
            ],
            Variables = GridFlags.Variables,
        };
        verb.Add(topic);
        verb.Add(model);
        verb.Add([revision, log]);
        verb.Add(grid.Options);
        verb.Add(output.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            var (asked, source) = (result.GetValue(topic), result.GetValue(model));
            if (asked is not null && !Topics.Contains(asked))
                throw new CommandException($"TOPIC must be one of {string.Join(", ", Topics)}; got '{asked}'.");
            if (source is not null && asked != "model")
                throw new CommandException($"'grid doctor {asked}' takes no MODEL; got '{source}'.");
            List<DoctorCheck> checks = [];
            if (asked is null or "env") checks.AddRange(EnvironmentChecks.Run());
            if (asked == "model")
                checks.AddRange(
                    await new ModelChecks(EmbeddedModel.Resolve(source), result.GetValue(revision)).RunAsync(interruption.Token));
            if (asked is null or "net")
            {
                using var http = new HttpClient { Timeout = Patience };
                checks.AddRange(InfiniBand.Checks());
                checks.AddRange(
                    await new NetworkChecks(() => grid.Find(result, Environment.GetEnvironmentVariable), http).RunAsync(
                    interruption.Token));
            }

            if (result.GetValue(log) is { } file) checks.AddRange(ReadLog(file));
            return DoctorReport.Write(new DocumentWriter(result.InvocationConfiguration.Output, output.Form(result)), checks);
        });
        return verb;
    }

    private static IEnumerable<DoctorCheck> ReadLog(string file)
    {
        try
        {
            return NcclLog.Parse(File.ReadLines(file)).Checks(Path.GetFileName(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--nccl-log cannot be read: {fault.Message}", ExitCodes.NotFound, fault);
        }
    }
}
