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
internal sealed class GridRoot : RootCommand, ITeaching
{
    public GridRoot() : base("Serves large language models with an OpenAI-compatible API.")
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
        foreach (var verb in PlannedVerbs.Create()) Add(verb);
        Options.Remove(Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        var teaching = new TeachingHelp((HelpAction)help.Action!);
        help.Action = teaching;
        Add(help);
        SetAction(teaching.Invoke);
    }

    public IEnumerable<(string Title, IReadOnlyList<(string Left, string Right)> Rows)> Lessons =>
    [
        ("Two commands to an answer",
        [
            ("grid serve", "serves the embedded guide at http://127.0.0.1:8000"),
            ("grid chat --url http://127.0.0.1:8000", "talks to it from another terminal"),
        ]),
        ("More help", [("grid VERB --help", "flags, defaults, examples and environment variables of a verb")]),
        ("Not supported in this version", [(string.Join(", ", PlannedVerbs.Names), "")]),
    ];
}
