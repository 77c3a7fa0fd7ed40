using System.CommandLine;
using Molecules;
using Samples;
using Whence;

var device = Computer.Option();
var root = new RootCommand("Which atoms and bonds make a molecule active: weave networks, and the anomaly of a single module. Tables on "
    + "the terminal, pictures in a folder.")
    .Experiment("fewer molecules", Path.Combine("artifacts", "molecules"), (folder, isShort, words) =>
    {
        using var computer = Computer.Open(words.GetRequiredValue(device));
        new Experiments(computer, folder, isShort).Run();
        return 0;
    });
root.Add(device);
return root.Run(args, error => error is GpuException);
