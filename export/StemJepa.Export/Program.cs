using StemJepa.Export;

return ExportCommand.Run(args, Console.Out, Console.Error);
