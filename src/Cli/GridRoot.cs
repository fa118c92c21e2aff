using System.CommandLine;
using System.CommandLine.Help;
using Grid.Cli.Bench;
using Grid.Cli.Chat;
using Grid.Cli.CommandLine;
using Grid.Cli.Doctor;
using Grid.Cli.Plan;
using Grid.Cli.Pull;
using Grid.Cli.Serve;
using Grid.Cli.Tools;
using Grid.Cli.Up;

namespace Grid.Cli;

/// <summary>The <c>grid</c> command with all its verbs.</summary>
internal sealed class GridRoot : RootCommand, IHelpSections
{
    public GridRoot() : base("Serve large language models with an OpenAI-compatible API.")
    {
        Add(ServeCommand.Create());
        Add(UpCommand.Create());
        Add(GatewayCommand.Create());
        Add(RunCommand.Create());
        Add(ChatCommand.Create());
        Add(BenchCommand.Create());
        Add(PullCommand.Create());
        Add(PlanCommand.Create());
        Add(DoctorCommand.Create());
        Add(VersionCommand.Create());
        Add(CompletionCommand.Create());
        Add(ShardCommand.Create());
        foreach (var verb in OperatorVerbs.Create()) Add(verb);
        Add(BatchCommand.Create());
        Options.Remove(Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        var sectioned = new SectionedHelp((HelpAction)help.Action!);
        help.Action = sectioned;
        Add(help);
        SetAction(sectioned.Invoke);
    }

    public IEnumerable<(string Title, IReadOnlyList<(string Left, string Right)> Rows)> HelpSections =>
    [
        ("Quick start",
        [
            ("grid serve", "serve the embedded guide at http://127.0.0.1:8000"),
            ("grid chat --url http://127.0.0.1:8000", "chat with it from another terminal"),
        ]),
        ("More help", [("grid VERB --help", "flags, defaults, examples and environment variables of a verb")]),
        ("Not supported in this version", [(BatchCommand.Name, "")]),
    ];
}
