using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Logging;
using Grid.Engine.Parallelism.DataPlane;
using Microsoft.Extensions.Logging;

namespace Grid.Cli;

/// <summary><c>grid shard</c>: what <c>--distributed-executor-backend process</c> starts; nobody types it.</summary>
internal static class ShardCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Required = true };
        var shard = new Option<int>("--shard") { Required = true };
        var command = new Command("shard", "Runs one shard for another grid process") { Hidden = true };
        command.Add(folder);
        command.Add(shard);
        command.SetAction(result =>
        {
            using var logs = LoggerFactory.Create(builder => builder.AddStderr(json: false));
            ShardProcess.Run(result.GetRequiredValue(folder), result.GetRequiredValue(shard), logs.CreateLogger("grid"));
        });
        return command;
    }
}
