using System.CommandLine;
using Molecules;
using Samples;

return new RootCommand("Which atoms and bonds make a molecule active: weave networks, and the anomaly of a single module. Tables on the "
    + "terminal, pictures in a folder.")
    .Experiment("fewer molecules", Path.Combine("artifacts", "molecules"), Run)
    .Run(args);

static int Run(string folder, bool isShort)
{
    new Experiments(folder, isShort).Run();
    return 0;
}
