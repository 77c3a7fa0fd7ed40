using Cluster;
using Whence.Data;

return Worker.Run(args, path => MotifNet.Load(path));
