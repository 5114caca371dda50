import { io } from "socket.io-client";
export const Map = () => {
  useEffect(() => { socket.on("location:broadcast", move); socket.on("location:update", move); });
  return <div title="message:new">{socket.id}</div>;
};

// expected
// 3:70 direction-is-as-documented location:update
