using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Output;

namespace Grid.Cli.Operators.Processes;

/// <summary><c>grid token create</c>, <c>list</c> and <c>revoke</c>.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var verb = new Verb("token", "Create, list and revoke join tokens for nodes");
        verb.Add(CreateToken());
        verb.Add(ListTokens());
        verb.Add(RevokeToken());
        return verb;
    }

    private static Verb ListTokens() => OperatorVerb.Create(
        "list", "List join tokens, without their secrets", [("grid token list", "show which tokens can still be used")], [],
        async call =>
        {
            var answer = await call.Client.TokensAsync(call.Cancellation);
            var table = new TextTable("ID", "STATE", "EXPIRES", "USED");
            foreach (var token in answer.Value)
                table.Add(
                    token.Id, token.State, string.Create(CultureInfo.InvariantCulture, $"{token.Expires:u}"),
                    string.Create(CultureInfo.InvariantCulture, $"{token.Used}{(token.Uses is { } uses ? $" of {uses}" : "")}"));
            call.Output.Write(answer.Json, table.Write);
            return ExitCodes.Done;
        });

    private static Verb RevokeToken()
    {
        var id = new Argument<string>("ID") { Description = "The id of the token, as grid token list shows it" };
        return OperatorVerb.Create(
            "revoke", "Revoke a join token; nodes that have joined with it stay members",
            [("grid token revoke 3f9c", "let no further node join with it")], [id],
            async call =>
            {
                var answer = await call.Client.RevokeTokenAsync(call.Result.GetRequiredValue(id), call.Cancellation);
                call.Output.Write(answer.Json, $"token/{answer.Value.Id} revoked");
                return ExitCodes.Done;
            });
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
