using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Waiting;

/// <summary><c>grid wait --for=CONDITION</c>.</summary>
internal static class WaitCommand
{
    public static Command Create()
    {
        var condition = new Option<string>("--for") { HelpName = "CONDITION", Description = WaitCondition.Rule, Required = true };
        var timeout = WaitTimeout.Flag();
        return OperatorVerb.Create(
            "wait", "Wait until a condition holds; the grid may not be running yet",
            [
                ("grid wait --for=nodes=3 --timeout 60s", "three nodes with the silo role have joined"),
                ("grid wait --for=model=guide:Ready", "all desired replicas are ready"),
                ("grid wait --for=node=b:Drained", "no shard and no stream is left on b"),
            ],
            [condition, timeout],
            async call =>
            {
                var (text, shown) = (call.Result.GetRequiredValue(condition), "");
                var wanted = WaitCondition.Parse(text);
                return await call.WaitAsync(
                    async () =>
                    {
                        var status = await call.Client.StatusAsync(call.Cancellation);
                        var nodes = text.StartsWith("node=", StringComparison.Ordinal)
                            ? (await call.Client.NodesAsync(call.Cancellation)).Value
                            : [];
                        var (met, now) = wanted.Judge(status.Value, nodes);
                        if (met) call.Output.Write(status.Json, $"{text} met");
                        else if (now != shown) call.Error.WriteLine($"grid: waiting for {text}, now {shown = now}");
                        return met ? ExitCodes.Done : null;
                    },
                    WaitTimeout.Read(call.Result, timeout));
            });
    }
}
