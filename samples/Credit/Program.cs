return Credit.Commands.Run(args);
