using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Processes;

/// <summary><c>grid token create</c>.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var verb = new Verb("token", "Create join tokens for nodes");
        verb.Add(CreateToken());
        return verb;
    }

    private static Verb CreateToken()
    {
        var ttl = Flags.Duration("--ttl", "the head's", "How long the token is valid");
        var uses = Flags.OptionalInteger("--uses", 1, int.MaxValue, "How many nodes may use it [default: any number]");
        return OperatorVerb.Create(
            "create", "Create a join token and print it alone on one line",
            [("grid token create --ttl 1h --uses 2 > token", "then 'grid up --join HOST:PORT --token-file token' on two machines")],
            [ttl, uses],
            async call =>
            {
                TimeSpan? life = call.Result.GetResult(ttl) is { Implicit: false } ? call.Result.GetValue(ttl) : null;
                if (life <= TimeSpan.Zero) throw new CommandException("--ttl must be more than 0; got 0.");
                var answer = await call.Client.TokenAsync(life, call.Result.GetValue(uses), call.Cancellation);
                call.Output.Write(answer.Json, answer.Value.Token);
                return ExitCodes.Done;
            });
    }
}
