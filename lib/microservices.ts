export {
  ClientProxyEventTransport,
  type ClientProxyEventTransportOptions,
} from './microservices/client-proxy-event.transport.js';
