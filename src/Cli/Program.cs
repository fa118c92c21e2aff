using Grid.Cli;

return await GridCommandLine.RunAsync(args, Console.Out, Console.Error);
