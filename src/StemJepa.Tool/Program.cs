using System.Text;
using StemJepa.Tool;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var interruption = new Interruption();
return await Application.RunAsync(args, Console.Out, Console.Error, interruption.Token);
