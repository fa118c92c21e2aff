using System.CommandLine;
using Grid.Engine.Loading;
using Grid.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Tools;

/// <summary><c>grid shard</c>: what <c>--distributed-executor-backend process</c> starts; people do not type it.</summary>
internal static class ShardCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Required = true };
        var shard = new Option<int>("--shard");
        var expert = new Option<bool>("--expert");
        var command = new Command("shard", "Runs one shard for another grid process") { Hidden = true };
        command.Add(folder);
        command.Add(shard);
        command.Add(expert);
        command.SetAction(result =>
        {
            using var logs = LoggerFactory.Create(builder => builder.AddStderr(json: false));
            var logger = logs.CreateLogger("grid");
            if (result.GetValue(expert)) ShardProcess.RunExpert(result.GetRequiredValue(folder), logger);
            else ShardProcess.Run(result.GetRequiredValue(folder), result.GetValue(shard), logger);
        });
        return command;
    }
}
