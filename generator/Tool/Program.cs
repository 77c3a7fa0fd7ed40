using Whence.Tool;

return Tool.Run(args, Console.Out, Console.Error);
